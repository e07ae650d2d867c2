"""Addresses of review, below `/admin/imaging/`: a route, a view, and the end of its name."""

from imaging.review import grid, pages, records

urlpatterns = (
    ("review/", pages.queue_page, ""),
    ("review/<uuid:image_id>/", pages.image_page, "_image"),
    ("review/approve/", pages.approve, "_approve"),
    ("review/reject/", pages.reject, "_reject"),
    ("review/undo/", pages.undo, "_undo"),
    ("review/<uuid:image_id>/claim/", pages.claim, "_claim"),
    ("review/<uuid:image_id>/release/", pages.release, "_release"),
    ("review-many/", grid.many, "_many"),
    ("review-many/approve/", grid.approve, "_many_approve"),
    ("review-many/reject/", grid.reject, "_many_reject"),
    ("reviewed/", records.decided, "_decided"),
    ("review-figures/", records.figures_page, "_figures"),
    ("review-figures/decisions.csv", records.export, "_export"),
)
