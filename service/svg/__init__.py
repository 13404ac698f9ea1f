"""Charts drawn on the server as SVG; each stands beside the numbers that it shows.

bars    how full a limit is
"""
