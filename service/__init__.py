"""The service: the command line now; the desk over HTTP is built on solver's public names."""
