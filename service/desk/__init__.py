"""The desks of a city: decisions, limits shared between desks, agreement, sessions.

city             a city in a year, its desks, and the plan that all their decisions make up
decisions        what a desk decides on a proposal, by revision
locks            what a desk's recommendations keep to
agreement        the three parties, for each kecamatan's list
sessions         opened, closed, signed, reopened as a new version
recommendation   a job for the solver that takes the other desks' decisions as given
record           whether what stands in the tables is what the log says
"""
