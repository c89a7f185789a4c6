"""Cases: reports, complaints and appeals, from intake to outcome.

Obligations 2017-10.1*, 2022-13.*. First cut: intake, with number, due date and secret status link.
"""
