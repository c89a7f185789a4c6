"""What is kept of people and what they may ask: inventory, rules, holds, deletions, requests.

Obligations 2017-5.2b, 2017-8.c, 2022-4.2a, 2022-7.c. Start reading at `data/inventory.toml` and
`inventory`, which everything else follows: the public page, the jobs that delete, the live checks.
"""
