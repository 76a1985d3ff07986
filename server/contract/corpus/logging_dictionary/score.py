import logging
import logging.config

logging.config.dictConfig(
    {
        "version": 1,
        "disable_existing_loggers": True,
        "formatters": {"short": {"format": "%(levelname)s %(message)s"}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "short", "stream": "ext://sys.stderr"}
        },
        "root": {"handlers": ["console"], "level": "INFO"},
    }
)
logger = logging.getLogger("model")


def init():
    logger.info("loaded")


def run(raw_data):
    logger.warning("%d characters", len(raw_data))
    if raw_data == "0":
        raise ValueError("zero")
    return len(raw_data)
