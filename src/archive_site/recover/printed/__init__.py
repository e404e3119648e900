"""Recover a draft from a printed witness: pages of lines whose place and type are known.

`draft` lists the stages in order.
"""
