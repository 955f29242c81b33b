"""What is kept between runs: bytes by key, results under all that they depend on, and the answers of whole runs."""
