"""Addresses of review, below `/admin/imaging/`: a route, a view, and the end of its name."""

from imaging.review.views import bulk, records, single

urlpatterns = (
    ("review/", single.queue_page, ""),
    ("review/<uuid:image_id>/", single.image_page, "_image"),
    ("review/approve/", single.approve, "_approve"),
    ("review/reject/", single.reject, "_reject"),
    ("review/undo/", single.undo, "_undo"),
    ("review/<uuid:image_id>/claim/", single.claim, "_claim"),
    ("review/<uuid:image_id>/release/", single.release, "_release"),
    ("review-many/", bulk.many, "_many"),
    ("review-many/approve/", bulk.approve, "_many_approve"),
    ("review-many/reject/", bulk.reject, "_many_reject"),
    ("reviewed/", records.decided, "_decided"),
    ("review-figures/", records.figures_page, "_figures"),
    ("review-figures/decisions.csv", records.export, "_export"),
)
