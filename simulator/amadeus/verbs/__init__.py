"""What each message does. A verb takes the call and gives back the content of the reply's Body."""
