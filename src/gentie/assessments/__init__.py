"""Register of features and of the security assessments that let them go online.

Obligations 2017-4.*, 2022-5. First cut: no feature goes online unregistered.
"""
