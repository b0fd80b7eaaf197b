"""Review: what a person accepts, corrects and adds, beside its source, becomes the reference.

`log` keeps decisions, `rows` says what there is to decide, `state` what was decided about it,
`by_hand` what a person fills in where a run failed, and `desk` joins them for one folder. `server`
puts a desk on loopback, `launch` leads a browser there; `accept` and `agreement` read what came of
it. Knows records and the ledger of a run; knows no model, no store and no terminal.
"""
