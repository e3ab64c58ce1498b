terraform {
  required_version = ">= 1.5"
  required_providers {
    oci = {
      source  = "oracle/oci"
      version = ">= 7.0.0"
    }
  }
}

provider "oci" {
  region = var.region
}

# Dynamic groups and policies are created in the home region of the tenancy.
provider "oci" {
  alias  = "home"
  region = var.home_region
}
