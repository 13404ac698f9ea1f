"""What is handed in: files on their way to become a city's data, nothing kept until it is wanted.

reading     a workbook or an export read, with what is wrong or doubtful about it
difference  what a new data set adds, drops and changes
drafts      files that somebody is looking at, in memory
saving      a new data set, and the city that stands on it
"""
