"""End-to-end tests: real clients, the gateway, an upstream."""
