"""Tie scope spans to claims: which of the bodies, channels, periods, categories and applicants that a text names is a claim's own."""
