"""Interface: settings, command line, web pages. The only layer that talks to people or reads the environment."""
