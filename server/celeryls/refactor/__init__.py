"""One rewrite a file.  The only package that imports libcst, and only when a rewrite is made."""
