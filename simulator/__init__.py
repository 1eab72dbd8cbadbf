"""The supplier simulator: a process of its own that speaks Amadeus SOAP and Duffel JSON; imports nothing of Qafila."""
