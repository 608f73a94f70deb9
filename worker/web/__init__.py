"""The pages people see: status, archive, unsubscribing, settings, subscribing, feedback, and the topics' feeds."""
