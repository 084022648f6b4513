"""A payment provider that ships with the product: a process of its own with keys of its own, in which no money moves. SANDBOX.

It checks merchants' signatures, signs as the providers do, sends its notices again by their schedules, and can be told to misbehave.
`python -m partners.payments.simulator --help` starts it.
"""
