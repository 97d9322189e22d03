"""Many cases and referrals, for what is measured at scale."""
