"""A desk's papers: minutes, ward sheets, T-D.4 and Renja, all from what the log tells.

replay     decisions and agreement as they stood at any point of the log
meeting    number, day, place and who was there, typed at the desk
templates  a city's own Word templates
papers     the papers of a version of a desk's session
"""
