"""A short journey in Firefox and WebKit, driven by Python's own library: `make browsers`."""
