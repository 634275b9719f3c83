"""Alerts: when we shout, at whom, and until when. Pure: data and time are arguments."""
