"""Import of sheets: uploaded, mapped, checked, confirmed, written."""
