"""How dates read where no template says so: in the admin's lists."""
