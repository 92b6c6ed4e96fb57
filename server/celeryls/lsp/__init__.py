"""The protocol: the only package that knows `pygls` and `lsprotocol`.

A handler converts in, asks `ide`, converts out.
"""
