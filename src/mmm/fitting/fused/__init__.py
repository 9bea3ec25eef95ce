"""The default model's log density and gradient as one function of machine code that is kept on disk.

`model/build.py` stays the definition, and the oracle: what is here is proven equal to it, serves only the specs that
`coverage.py` names, and saves a fit the compiling of a graph, which costs more than sampling.
"""
