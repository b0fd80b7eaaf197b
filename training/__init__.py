"""How the embedded model learns its job: invented articles in, a LoRA adapter for llama.cpp out.

`corpus` → `tokens` → `train` (over `model`) → `export`. Nothing here runs when an article is
read, and torch and gguf are wanted only here (the `training` extra).
"""
