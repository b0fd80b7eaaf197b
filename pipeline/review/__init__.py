"""Review: what a person accepts, corrects and adds, beside its source, becomes the reference.

`log` keeps decisions, `rows` says what there is to decide, `state` what was decided about it, and
`desk` joins them for one folder. `server` puts a desk on loopback, `accept` and `agreement` read
what came of it. Knows records; knows no model, no store and no terminal.
"""
