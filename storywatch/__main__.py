"""`python -m storywatch`."""

from storywatch import run

if __name__ == "__main__":
    run()
