"""A short journey in Firefox and WebKit, driven by Python's own library: `python -m e2e.browsers`, or `make browsers`."""
