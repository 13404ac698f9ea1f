"""Kayuh's solver: tables in, a proven recommendation out. It knows nothing of Flask or a database.

Where to begin, in the order in which data flows:

    solver.scenario     read, resolve, variant: files and documents to a Scenario with its Instance
    solver.sipd         imported(...): files of another system, every row accounted for
    solver.solve        solve(instance, params, extra): the one call that everything shares
    solver.recommend    recommend(scenario): the result with reasons, conflict and repairs
    solver.tradeoffs    Questions and ANALYSES: what it would take, and what it would cost
    solver.judgement    judgement(scenario, choices): a list made by hand
    solver.assess       usages(rows, taken): any plan added up by rows, in whole numbers
    solver.verify       verify(document, scenario): added up again, without a solver
    solver.sweep        planned, carried_out, reported: many solves, none of them twice
    solver.reread       plan, result: a result document read back
    solver.write        the result as JSON, workbook, CSV, or on the screen
    solver.rules.RULES  the rules; solver.stages the stages; solver.words every sentence
"""
