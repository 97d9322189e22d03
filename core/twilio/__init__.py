"""What the kinds of Twilio share: an account, its signature, its client."""
