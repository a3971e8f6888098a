"""The pages of `okrctl serve`."""
