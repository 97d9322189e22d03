"""Referrals exchanged with another installation: the protocol is docs/exchange.md."""
