"""What feeds are told by and made from: subscriptions at hubs, listing pages, sitemaps, their past."""
