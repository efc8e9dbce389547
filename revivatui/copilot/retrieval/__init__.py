"""Finding what answers a question: the words of customers, and the texts of the shop."""
