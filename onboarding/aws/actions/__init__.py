"""What the portal changes in a customer's account, always at the customer's word."""
