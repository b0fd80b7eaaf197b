"""Asking by files: requests out in the OpenAI Batch format, answers back into the store.

    export ─ folder of request files ─ submit ─ status ─ fetch ─ fill ─ the store that run reads
                                     └ or `vllm run-batch` ──────┘

An answer that has to be asked for again is: the next export writes the re-ask, or the request
about half an article, as `run` would have sent it.
"""
