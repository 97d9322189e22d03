"""Invented history: first plots, from a seed alone; then the product's own actions make them happen, in the past."""
