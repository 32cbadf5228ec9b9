"""A gRPC client of all services: a function for each call, taking and giving plain values."""

import os
import grpc

from . import stubs

SERVICES = {
    "killrvideo.user_management.UserManagementService": stubs.users,
    "killrvideo.video_catalog.VideoCatalogService": stubs.catalog,
    "killrvideo.comments.CommentsService": stubs.comments,
    "killrvideo.ratings.RatingsService": stubs.ratings,
    "killrvideo.statistics.StatisticsService": stubs.statistics,
    "killrvideo.suggested_videos.SuggestedVideoService": stubs.suggestions,
    "killrvideo.search.SearchService": stubs.search,
}

# Services of the contract that this program does not offer yet.
FUTURE_SERVICES = {
    "killrvideo.uploads.UploadsService": stubs.uploads,
}

_DEADLINE = 30 * float(os.environ.get("KILLRVIDEO_TEST_SLOWDOWN", "1"))


def methods(services):
    """Every method of these services: its name, its path and the message classes it uses."""
    for service, module in services.items():
        descriptor = module.DESCRIPTOR.services_by_name[service.rsplit(".", 1)[1]]
        for method in descriptor.methods:
            yield (method.name, f"/{service}/{method.name}",
                   getattr(module, method.input_type.name),
                   getattr(module, method.output_type.name))


_METHODS = {name: rest for name, *rest in methods({**SERVICES, **FUTURE_SERVICES})}

# "SearchVideos" and so on are unique over all services, so a method's name is enough.
assert len(_METHODS) == len(list(methods({**SERVICES, **FUTURE_SERVICES})))


def message(method, **fields):
    """A request of `method`: ids may be given as text, times as milliseconds since 1970."""
    request_class = _METHODS[method][1]
    request = request_class()
    for name, value in fields.items():
        if value is not None:
            _set(request, request_class.DESCRIPTOR.fields_by_name[name], value)
    return request


def _set(request, field, value):
    type_name = field.message_type.full_name if field.message_type else ""
    repeated = field.label == field.LABEL_REPEATED
    if type_name in ("killrvideo.common.Uuid", "killrvideo.common.TimeUuid"):
        if repeated:
            for item in value:
                getattr(request, field.name).add(value=item)
        else:
            getattr(request, field.name).value = value
            getattr(request, field.name).SetInParent()
    elif type_name == "google.protobuf.Timestamp":
        getattr(request, field.name).FromMilliseconds(value)
        getattr(request, field.name).SetInParent()
    elif repeated:
        getattr(request, field.name).extend(value)
    else:
        setattr(request, field.name, value)


class Client:
    def __init__(self, address, credentials=None, options=()):
        # A channel of its own: by default, equal ones would share a connection.
        options = [("grpc.use_local_subchannel_pool", 1), *options]
        self.channel = (grpc.secure_channel(address, credentials, options) if credentials
                        else grpc.insecure_channel(address, options))
        self.users = stubs.users_grpc.UserManagementServiceStub(self.channel)
        self.catalog = stubs.catalog_grpc.VideoCatalogServiceStub(self.channel)
        self.comments = stubs.comments_grpc.CommentsServiceStub(self.channel)
        self.ratings = stubs.ratings_grpc.RatingsServiceStub(self.channel)
        self.statistics = stubs.statistics_grpc.StatisticsServiceStub(self.channel)
        self.search = stubs.search_grpc.SearchServiceStub(self.channel)
        self.suggestions = stubs.suggestions_grpc.SuggestedVideoServiceStub(self.channel)
        self.uploads = stubs.uploads_grpc.UploadsServiceStub(self.channel)
        self.health = stubs.health_grpc.HealthStub(self.channel)
        self.reflection = stubs.reflection_grpc.ServerReflectionStub(self.channel)

    @staticmethod
    def service_of(method):
        """The full name of the service that has this method."""
        return _METHODS[method][0].split("/")[1]

    def close(self):
        self.channel.close()

    def send(self, method, request, timeout=_DEADLINE, metadata=()):
        """Calls `method` (its short name) with a message, or with bytes that may be none."""
        path, request_class, response_class = _METHODS[method]
        serializer = None if isinstance(request, bytes) else request_class.SerializeToString
        return self.channel.unary_unary(path, serializer, response_class.FromString)(
            request, timeout=timeout, metadata=metadata)

    def call(self, method, timeout=_DEADLINE, metadata=(), **fields):
        """Calls `method` with plain values for the fields of its request."""
        return self.send(method, message(method, **fields), timeout, metadata)

    # Users

    def create_user(self, user_id, email, password="a password", first_name="Ada",
                    last_name="Lovelace", **options):
        self.call("CreateUser", user_id=user_id, email=email, password=password,
                  first_name=first_name, last_name=last_name, **options)

    def verify(self, email, password="a password"):
        return self.call("VerifyCredentials", email=email, password=password).user_id.value

    def profiles(self, *user_ids):
        return self.call("GetUserProfile", user_ids=user_ids).profiles

    # Catalog

    def submit(self, video_id, user_id, name="A video", description="What it shows",
               tags=("one", "two"), location="dQw4w9WgXcQ", **options):
        self.call("SubmitYouTubeVideo", video_id=video_id, user_id=user_id, name=name,
                  description=description, tags=tags, you_tube_video_id=location, **options)

    def video(self, video_id):
        return self.call("GetVideo", video_id=video_id)

    def previews(self, *video_ids):
        return self.call("GetVideoPreviews", video_ids=video_ids).video_previews

    def latest(self, page_size=100, **fields):
        return self.call("GetLatestVideoPreviews", page_size=page_size, **fields)

    def user_videos(self, user_id, page_size=100, **fields):
        return self.call("GetUserVideoPreviews", user_id=user_id, page_size=page_size, **fields)

    # Comments

    def comment(self, video_id, user_id, comment_id, comment="A comment", **options):
        self.call("CommentOnVideo", video_id=video_id, user_id=user_id, comment_id=comment_id,
                  comment=comment, **options)

    def video_comments(self, video_id, page_size=100, **fields):
        return self.call("GetVideoComments", video_id=video_id, page_size=page_size, **fields)

    def user_comments(self, user_id, page_size=100, **fields):
        return self.call("GetUserComments", user_id=user_id, page_size=page_size, **fields)

    # Ratings, suggestions and statistics

    def rate(self, video_id, user_id, stars, **options):
        self.call("RateVideo", video_id=video_id, user_id=user_id, rating=stars, **options)

    def rating(self, video_id):
        response = self.call("GetRating", video_id=video_id)
        return response.ratings_count, response.ratings_total

    def user_rating(self, video_id, user_id):
        return self.call("GetUserRating", video_id=video_id, user_id=user_id).rating

    def related(self, video_id, page_size=100, **fields):
        return self.call("GetRelatedVideos", video_id=video_id, page_size=page_size, **fields)

    def suggested(self, user_id, page_size=100, **fields):
        return self.call("GetSuggestedForUser", user_id=user_id, page_size=page_size, **fields)

    def play(self, video_id):
        self.call("RecordPlaybackStarted", video_id=video_id)

    def plays(self, *video_ids):
        return {stats.video_id.value: stats.views
                for stats in self.call("GetNumberOfPlays", video_ids=video_ids).stats}
