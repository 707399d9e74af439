"""Introducer's platform: a society imports, matches, reviews and publishes; people answer."""
