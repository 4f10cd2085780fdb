"""The token classifier: characters in, scores for candidates, denials and scope spans out."""
