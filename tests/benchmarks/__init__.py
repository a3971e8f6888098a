"""Measures what okrctl costs against its goals; see README.md."""
