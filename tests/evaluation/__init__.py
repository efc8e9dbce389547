"""The evaluation is measured itself: it reads robustly, reckons rightly, and can fail."""
