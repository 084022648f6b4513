"""What can be done: one public function is one use case is one transaction."""
