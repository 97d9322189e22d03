"""A stand-in for Twilio: a process of its own that speaks the Messages API and signs webhooks with Twilio's code."""
