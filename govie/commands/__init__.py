"""Commands of the command line that have a module of their own: each adds its parser and runs."""
