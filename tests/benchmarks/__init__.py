"""How fast, beside other solvers in one run: made-up cities, the race, its table and picture."""
