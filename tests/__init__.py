"""Each module here mirrors one of the house; each test's name states a behaviour."""
