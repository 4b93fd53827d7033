"""Stands in for PyTorch, whose wheel brings gigabytes of CUDA: the protocol of its data loading and no more."""
